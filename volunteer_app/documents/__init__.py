"""The papers of this product: one template and one small function each."""
