import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Randomness } from './ports.ts'

export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  /** Changes with its content. */
  readonly tag: string
}

/** The built pages, each read once: what is asked for is looked up by its path, and never made into one. */
export interface Pages {
  /** The one page, with a number of its own for its styles each time. */
  index(): { readonly html: string; readonly nonce: string }
  /** Paths of the scripts and styles that the page names itself. */
  readonly begins: readonly string[]
  /** All other files by their path, such as `/assets/index-1a2b.js`. */
  readonly others: ReadonlyMap<string, PageFile>
  /** Reads those that nobody has asked for yet, so that all are of one build when the program is replaced while it runs. */
  readRest(): void
}

/** Read when it is first asked for: a window shows its first screen with a few of them. */
class BuiltFile implements PageFile {
  readonly type: string
  readonly #path: string
  #bytes: Buffer | null = null
  #tag: string | null = null

  constructor(path: string, type: string) {
    this.type = type
    this.#path = path
  }

  get bytes(): Buffer {
    this.#bytes ??= readFileSync(this.#path)
    return this.#bytes
  }

  get tag(): string {
    this.#tag ??= `"${createHash('sha256').update(this.bytes).digest('base64url').slice(0, 22)}"`
    return this.#tag
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
/** Paths under which the pages find name and logo, in the window and in a browser. */
export const BRAND_PATHS = { facts: '/brand.json', logo: '/brand/logo' } as const

/** Stands in the built page where each answer puts its number. */
export const NONCE_MARK = '__STYLE_NONCE__'

/**
 * What a page may load: files of its own, and styles with the number that it was served with. Nothing else, from nowhere.
 * `frames`: who may show it in a frame, which is nobody.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** @throws Error when the pages were not built */
export function readPages(random: Randomness, folder = pagesFolder()): Pages {
  const found = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, PageFile][] => {
      const type = TYPES[extname(name)]
      if (type === undefined) return []
      return [[`/${name.replaceAll('\\', '/')}`, new BuiltFile(join(folder, name), type)]]
    }),
  )
  const page = found.get('/index.html')!.bytes.toString('utf8')
  found.delete('/index.html')
  return {
    index: () => {
      const nonce = Buffer.from(random.bytes(16)).toString('base64url')
      return { html: page.replaceAll(NONCE_MARK, nonce), nonce }
    },
    begins: [...page.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path]) => path!),
    others: found,
    readRest: () => {
      for (const file of found.values()) void file.bytes
    },
  }
}

/** Beside the program as it ships; in the sources, where the build puts it. */
function pagesFolder(): string {
  const places = ['../renderer/', '../../renderer/', '../../../out/renderer/']
  const folder = places
    .map(place => fileURLToPath(new URL(place, import.meta.url)))
    .find(path => existsSync(join(path, 'assets')))
  if (folder === undefined) throw new Error('The pages are missing: run npm run build first.')
  return folder
}
