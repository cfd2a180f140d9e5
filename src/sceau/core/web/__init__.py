"""What both sites wear: stylesheets, the frame of every page, sign-in and error pages.

It never holds a page of either service, a model or a view.
"""
