import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

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

/** The forms of Mantine in the faces, sizes and colours of the product; its own palette is not seen. */
export const deskTheme = createTheme({
  fontFamily: 'var(--face)',
  fontFamilyMonospace: 'ui-monospace, Menlo, Consolas, monospace, var(--face)',
  fontSizes: { xs: '13px', sm: '14px', md: '14px', lg: '17px', xl: '20px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.4', xl: '1.3' },
  radius: { xs: '5px', sm: '6px', md: '6px', lg: '10px', xl: '10px' },
  defaultRadius: 'sm',
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent: accents },
  focusRing: 'auto',
  respectReducedMotion: true,
  // Everything that is asked is needed, unless it says otherwise.
  components: {
    TextInput: { defaultProps: { withAsterisk: false } },
    PasswordInput: { defaultProps: { withAsterisk: false } },
    // Its arrows are too small to be hit; the keyboard's work without them.
    NumberInput: { defaultProps: { hideControls: true, withAsterisk: false } },
    Checkbox: { defaultProps: { size: 'md' } },
  },
})

const variables = {
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
  // Borders and grounds of controls take it by its number.
  '--mantine-color-gray-1': 'var(--chip-ok)',
  '--mantine-color-gray-3': 'var(--line-strong)',
  '--mantine-color-gray-4': 'var(--line-strong)',
}

/** They stand under a selector of the scheme, which is always the light one. */
export const deskVariables: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: {} })
