import type { Theme } from 'vitepress'
// Without its web font: the fonts of the system have Chinese characters, and no page loads a file for them.
import defaultTheme from 'vitepress/theme-without-fonts'
import './site.css'

export default { extends: defaultTheme } satisfies Theme
