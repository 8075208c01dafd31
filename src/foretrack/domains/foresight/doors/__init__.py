"""The lookout's doors: its commands, its report and its Python face.

They translate a request into an action and its answer into text, a file or a data frame; they decide nothing.
"""
