# In _static/: the site as hourglass/, hourglass.html, lesson.json.
project = 'Autoencoders'
extensions = ['myst_parser']
html_theme = 'alabaster'
html_static_path = ['_static']
html_js_files = ['hourglass/hourglass-playground.js']
