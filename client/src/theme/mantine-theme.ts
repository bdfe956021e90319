import {
  createTheme,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core'

const accent = 'var(--accent)'
const accents: MantineColorsTuple = [
  'var(--accent-soft)',
  'var(--accent-soft)',
  accent,
  accent,
  accent,
  accent,
  accent,
  accent,
  'var(--accent-deep)',
  'var(--accent-deep)',
]

/** What the forms take in the dark scheme, from text to grounds. */
const darks: MantineColorsTuple = [
  'var(--text)',
  'var(--text-2)',
  'var(--text-2)',
  'var(--text-3)',
  'var(--line-strong)',
  'var(--raised)',
  'var(--surface)',
  'var(--chip-ok)',
  'var(--bg)',
  'var(--bg)',
]

/** What opens over a page and is not printed with it. */
const floating = { dropdown: { 'data-floats': true } }

/** The forms of Mantine in the faces, sizes and colours of the product; its own palette is not seen. */
export const deskTheme = createTheme({
  fontFamily: 'var(--face)',
  fontFamilyMonospace: 'ui-monospace, Menlo, Consolas, monospace, var(--face)',
  fontSizes: { xs: '13px', sm: '14px', md: '14px', lg: '17px', xl: '20px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.4', xl: '1.3' },
  radius: { xs: '5px', sm: '6px', md: '6px', lg: '10px', xl: '10px' },
  defaultRadius: 'sm',
  shadows: { md: '0 6px 20px var(--shadow)' },
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent: accents, dark: darks },
  focusRing: 'auto',
  respectReducedMotion: true,
  // Everything that is asked is needed, unless it says otherwise.
  components: {
    TextInput: { defaultProps: { withAsterisk: false } },
    PasswordInput: { defaultProps: { withAsterisk: false } },
    // Its arrows are too small to be hit; the keyboard's work without them.
    NumberInput: { defaultProps: { hideControls: true, withAsterisk: false } },
    Checkbox: { defaultProps: { size: 'md' } },
    // The focus begins at the first item: what would take it instead may not be in a menu (ARIA).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', attributes: floating } },
    Popover: { defaultProps: { shadow: 'md', attributes: floating } },
    Combobox: { defaultProps: { shadow: 'md', attributes: floating } },
    // The lines between its parts come and go with what is chosen.
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
  },
})

const variables = {
  // What lies on the accent.
  '--mantine-color-white': 'var(--ink)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--overdue)',
  '--mantine-color-anchor': accent,
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--raised)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--chip-ok)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  // Of buttons without a ground; in the dark scheme they would take another shade.
  '--mantine-color-accent-text': accent,
  '--mantine-color-accent-light-color': accent,
  '--mantine-color-accent-light-hover': 'var(--accent-soft)',
  // Borders and grounds of controls take it by its number.
  '--mantine-color-gray-1': 'var(--chip-ok)',
  '--mantine-color-gray-2': 'var(--line-strong)',
  '--mantine-color-gray-3': 'var(--line-strong)',
  '--mantine-color-gray-4': 'var(--line-strong)',
}

/** The tokens know the scheme. They stand under its selector, which the variables of Mantine have as well. */
export const deskVariables: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables })

/** `auto` follows the device; `public/theme.js` reads the same key before the page is drawn. */
export const colorSchemes = localStorageColorSchemeManager({ key: 'stagewatch-theme' })
