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

/** Mantine's `dark` colours, from text to backgrounds. */
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

/** Marks elements that open over a page and are not printed with it. */
const floating = { dropdown: { 'data-floats': true } }

/** Mantine components with the product's fonts, sizes and colours instead of Mantine's palette. */
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
  // Fields are required by default; optional ones say so.
  components: {
    TextInput: { defaultProps: { withAsterisk: false } },
    // Adjacent fields stay aligned, with or without a hint.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    PasswordInput: { defaultProps: { withAsterisk: false } },
    // The arrow buttons are too small to hit; the keyboard works without them.
    NumberInput: { defaultProps: { hideControls: true, withAsterisk: false } },
    Checkbox: { defaultProps: { size: 'md' } },
    // The focus starts at the first item, because ARIA does not allow the placeholder inside a menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', attributes: floating } },
    Popover: { defaultProps: { shadow: 'md', attributes: floating } },
    Combobox: { defaultProps: { shadow: 'md', attributes: floating } },
    Notification: { defaultProps: { attributes: { root: { 'data-floats': true } } } },
    // The separators between segments would appear and disappear with the selection.
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
  },
})

const variables = {
  // Colour of content on an accent background.
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
  // Buttons without a background; in the dark scheme they would get another shade.
  '--mantine-color-accent-text': accent,
  '--mantine-color-accent-light-color': accent,
  '--mantine-color-accent-light-hover': 'var(--accent-soft)',
  // Borders and backgrounds of controls refer to these shades by number.
  '--mantine-color-gray-1': 'var(--chip-ok)',
  '--mantine-color-gray-2': 'var(--line-strong)',
  '--mantine-color-gray-3': 'var(--line-strong)',
  '--mantine-color-gray-4': 'var(--line-strong)',
}

/**
 * The tokens already depend on the scheme. They are set under the scheme's selector, as are Mantine's own variables.
 */
export const deskVariables: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables })

/** `auto` follows the device. `public/theme.js` reads the same key before the first paint. */
export const colorSchemes = localStorageColorSchemeManager({ key: 'stagewatch-theme' })
