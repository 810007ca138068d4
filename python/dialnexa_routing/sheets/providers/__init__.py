"""The formats that providers and billing engines publish, each known by something of its own."""
