import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  '#eaf1fc',
  '#d4e1f6',
  '#a9c3ee',
  '#7ba3e6',
  '#5587de',
  '#3c75d9',
  '#2f6bd6',
  '#1f5cc0',
  '#1851ac',
  '#0a4596',
]

/** Quiet: one colour for what can be done, grey for the rest, and system fonts. */
export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 7 },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "Liberation Mono", Menlo, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Whoever writes from the right sees it so.
    TextInput: { defaultProps: { dir: 'auto' } },
    Textarea: { defaultProps: { dir: 'auto' } },
    // It is a <header>, which would count as another banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    // One colour for both: the library's own is brighter for the text than for the title.
    Alert: {
      styles: { title: { color: 'var(--mantine-color-text)' }, message: { color: 'var(--mantine-color-text)' } },
    },
    Badge: { defaultProps: { variant: 'light', tt: 'none' } },
    // A title may be a long name.
    Modal: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { lineHeight: 1.4, overflowWrap: 'anywhere' } },
    },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      // Below a title the library's own is too pale to be read.
      styles: { description: { color: 'var(--mantine-color-text)' } },
    },
  },
})

/** Grey text has to be readable: the library's own is below the contrast of 4.5 to 1 that WCAG 2.2 asks for (1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c6670',
    '--mantine-color-placeholder': '#6a737d',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-orange-light-color': '#a33b00',
    '--mantine-color-yellow-light-color': '#7a5600',
    '--mantine-color-teal-light-color': '#086848',
    '--mantine-color-green-light-color': '#1f6b2c',
    '--mantine-color-red-light-color': '#b02525',
    '--mantine-color-gray-light-color': '#4a525a',
  },
  dark: {
    '--mantine-color-dimmed': '#a2a9b1',
    '--mantine-color-placeholder': '#9098a1',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#7ba3e6',
    // The library's own are loud on a dark page: a warning should be seen, not shine.
    '--mantine-color-orange-light': '#3a2a1a',
    '--mantine-color-orange-light-color': '#ffc078',
    '--mantine-color-yellow-light': '#37301a',
    '--mantine-color-yellow-light-color': '#ffe066',
    '--mantine-color-red-light': '#3d2224',
    '--mantine-color-red-light-color': '#ffa8a8',
  },
})
