"""Request × release → response: negotiation, caching, addresses. No I/O, no clock, no web framework."""

from healthtopics.delivery.index import Index
from healthtopics.delivery.message import FIELDS, Request, Response, problem
from healthtopics.delivery.respond import Read, respond

__all__ = ["FIELDS", "Index", "Read", "Request", "Response", "problem", "respond"]
