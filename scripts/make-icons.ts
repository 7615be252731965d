/**
 * Draws resources/icons from the one picture in src/renderer/public/icon.svg, with the browser of the tests:
 * `node scripts/make-icons.ts`. Packagers make what each system needs of them.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '../test/ui/browser.ts'

const FOLDER = 'resources/icons'
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

const svg = readFileSync('src/renderer/public/icon.svg', 'utf8')
const browser = await launchBrowser()
if (!browser) throw new Error('There is no browser here: set CHROMIUM_PATH to a Chromium or Chrome.')
try {
  mkdirSync(FOLDER, { recursive: true })
  const page = await browser.newPage()
  for (const size of SIZES) {
    await page.setViewportSize({ width: size, height: size })
    const style = 'html,body{margin:0;background:none}svg{display:block;width:100vw;height:100vh}'
    await page.setContent(`<style>${style}</style>${svg}`)
    await page.screenshot({ path: join(FOLDER, `${size}x${size}.png`), omitBackground: true })
  }
  console.log(`${FOLDER}: ${SIZES.map(size => `${size}x${size}.png`).join(', ')}`)
} finally {
  await browser.close()
}
