"""The health topics of the U.S. National Library of Medicine, as its XML has them."""
