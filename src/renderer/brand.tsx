import { Box, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

/** The product's own name, where the organisation has none. */
export const PRODUCT = 'Campaign Connector'

interface Brand {
  readonly organisation: string
  /** Where the picture is; null where there is none. */
  readonly logo: string | null
}

const NONE: Brand = { organisation: '', logo: null }

/** Name and logo of the organisation. Both doors serve them to everybody who sees the pages, signed in or not. */
export function useBrand(): Brand {
  const { data } = useQuery({
    queryKey: ['branding.public'],
    queryFn: async (): Promise<Brand> => {
      const answer = await fetch('./brand.json')
      return answer.ok ? ((await answer.json()) as Brand) : NONE
    },
    staleTime: 60_000,
  })
  return data ?? NONE
}

/** The logo and the name, as they stand on the screen to sign in and in the head of the application. */
export function BrandMark({ size }: { readonly size: 'card' | 'head' }) {
  const { organisation, logo } = useBrand()
  const name = organisation === '' ? PRODUCT : organisation
  const card = size === 'card'
  return (
    <>
      <Box
        component="img"
        className={logo === null ? undefined : 'logo'}
        src={logo ?? './icon.svg'}
        alt=""
        h={card ? 40 : 26}
        maw={card ? 160 : 96}
        flex="none"
        style={{ objectFit: 'contain' }}
      />
      <Text
        fw={600}
        size={card ? 'lg' : 'md'}
        lineClamp={card ? 2 : 1}
        maw={card ? undefined : 300}
        visibleFrom={card ? undefined : 'xs'}
        title={name}
      >
        {name}
      </Text>
    </>
  )
}
