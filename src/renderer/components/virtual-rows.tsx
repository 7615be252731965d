// biome-ignore-all lint/a11y/useSemanticElements: rows that stand where they are scrolled to cannot be a <table>.
// biome-ignore-all lint/a11y/useFocusableInteractive: a table is read, not operated; what can be done is in its cells.
import { Box, Skeleton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react'
import type { CursorPages } from '../lib/cursor-pages.ts'

export interface Column<T> {
  readonly key: string
  readonly title: ReactNode
  /** A track of a CSS grid, such as `minmax(120px, 2fr)`. */
  readonly width: string
  readonly cell: (row: T) => ReactNode
  readonly align?: 'end'
}

/** A table of any length: only the rows that are seen exist. Its height is that of what is around it. */
export function VirtualRows<T>({
  label,
  rows,
  columns,
  rowHeight = 44,
  idOf,
  isMarked,
  onOpen,
}: {
  /** What the table holds, for those who do not see it. */
  readonly label: string
  readonly rows: CursorPages<T>
  readonly columns: readonly Column<T>[]
  readonly rowHeight?: number
  readonly idOf: (row: T) => string | number
  readonly isMarked?: (row: T) => boolean
  /** A click anywhere on a row; cells hold a link or button for the keyboard. */
  readonly onOpen?: (row: T) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const shown = virtual.getVirtualItems()
  const first = shown[0]?.index ?? 0
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => rows.look(first, last))
  const grid: CSSProperties = { gridTemplateColumns: columns.map(column => column.width).join(' ') }
  return (
    <Box className="rows" role="table" aria-label={label} aria-rowcount={rows.complete ? rows.count + 1 : -1}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div className="rows-scroller" ref={scroller} tabIndex={0} role="rowgroup" aria-label={label}>
        <div className="rows-head" role="row" style={grid} aria-rowindex={1}>
          {columns.map(column => (
            <div key={column.key} role="columnheader" data-align={column.align}>
              {column.title}
            </div>
          ))}
        </div>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map(({ index, start, size }) => {
            const row = rows.at(index)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut for the mouse; the cells hold the button.
              <div
                key={row === undefined ? `at ${index}` : idOf(row)}
                className="rows-row"
                role="row"
                aria-rowindex={index + 2}
                data-marked={(row !== undefined && isMarked?.(row)) || undefined}
                data-opens={(row !== undefined && onOpen !== undefined) || undefined}
                style={{ ...grid, height: size, transform: `translateY(${start}px)` }}
                onClick={event => {
                  if (row === undefined || !onOpen) return
                  if ((event.target as Element).closest('a, button, input, label')) return
                  onOpen(row)
                }}
              >
                {columns.map(column => (
                  <div key={column.key} role="cell" data-align={column.align} dir="auto">
                    {row === undefined ? <Skeleton h={12} w="60%" className="late" /> : column.cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </Box>
  )
}
