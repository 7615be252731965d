import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = [
  '#e8f7f2',
  '#d3ebe3',
  '#a6d7c6',
  '#76c2a7',
  '#4fb08d',
  '#36a57c',
  '#259f73',
  '#147a57',
  '#0c6a4a',
  '#005a3c',
]

/** Quiet: one colour for what can be done, grey for the rest, and system fonts. */
export const theme = createTheme({
  colors: { pine },
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 7 },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "Liberation Mono", Menlo, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

/** Grey text has to be readable: the library's own is below the contrast of 4.5 to 1 that WCAG 2.2 asks for (1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c6670',
    '--mantine-color-placeholder': '#6a737d',
    '--mantine-color-error': '#c92a2a',
  },
  dark: {
    '--mantine-color-dimmed': '#a2a9b1',
    '--mantine-color-placeholder': '#9098a1',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#4fb08d',
  },
})
