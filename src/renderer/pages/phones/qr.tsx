import { create } from 'qrcode'
import { useMemo } from 'react'

/** A QR code, dark on light also where the page is dark: cameras want it so. */
export function Qr({ text, label, size }: { readonly text: string; readonly label: string; readonly size: number }) {
  const { side, path } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' })
    const squares: string[] = []
    for (let y = 0; y < modules.size; y += 1) {
      for (let x = 0; x < modules.size; x += 1) if (modules.get(y, x)) squares.push(`M${x + 4} ${y + 4}h1v1h-1z`)
    }
    return { side: modules.size + 8, path: squares.join('') }
  }, [text])
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
