"""What measures the figures of this project against a bare handler: `make bench`."""
