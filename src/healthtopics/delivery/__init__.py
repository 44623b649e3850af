"""Request × release → response: negotiation, caching, addresses. No I/O, no clock, no web framework."""
