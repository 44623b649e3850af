"""`python -m healthtopics`: the command line."""

from healthtopics.cli import main

main()
