"""Earlier sessions: their list, reading them beside the event loop, and comparing with them."""
