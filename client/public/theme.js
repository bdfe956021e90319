// The theme of the desk and of the start page. It runs before the first paint, so that no page flashes in the other
// theme, and as a file of its own, because the content security policy allows no script in the page. It is served as it
// stands and must not use anything newer than Chromium 88. A wall has a setting of its own.
;(function () {
  const root = document.documentElement
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')

  function applyTheme() {
    const chosen = storedTheme()
    const isDark = chosen === null || chosen === 'auto' ? prefersDark.matches : chosen === 'dark'
    setScheme(isDark ? 'dark' : 'light')
  }

  /** What somebody chose in this browser; `client/src/theme/mantine-theme.ts` stores it under the same key. */
  function storedTheme() {
    try {
      return localStorage.getItem('stagewatch-theme')
    } catch {
      return null
    }
  }

  function setScheme(scheme) {
    root.dataset.mantineColorScheme = scheme
    // The browser paints the empty page by it before the style sheets are there.
    document.querySelector('meta[name="color-scheme"]').content = scheme
  }

  applyTheme()
  prefersDark.addEventListener('change', applyTheme)
  // Paper is white.
  addEventListener('beforeprint', () => setScheme('light'))
  addEventListener('afterprint', applyTheme)
})()
