"""Pictures as SVG, drawn here: no script has to run, and a screen reader is told what they show."""
