// Self-hosted, because a screen in a hall has no internet access.
import '@fontsource/barlow/400.css'
import '@fontsource/barlow/500.css'
import '@fontsource/barlow/600.css'
import '@fontsource/barlow/700.css'
import '@fontsource-variable/noto-sans-sc/index.css'
import './face.css'
