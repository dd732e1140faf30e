"""From results to a site.

``stage`` gathers the pages of a run with their evidence, ``preview`` or ``quarto`` renders them, ``check`` refuses a
site with a fault, ``site`` puts it in place, ``publish`` copies it to a shared folder.
"""
