"""The documentation of the service for partners, made from the rows of its routes and from the release."""
