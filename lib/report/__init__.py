"""From results to a site: pages are staged with their evidence, rendered by Quarto or Pandoc, and checked."""
