"""Bytes to tables and documents, hostile ones refused; and files written whole or not at all."""
