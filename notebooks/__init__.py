"""The course: notebooks to step through, and what builds them."""
