import { Head, Html, Main, NextScript, type DocumentProps } from 'next/document'
import { z } from 'zod'
import { parseTheme } from '@/app/theme/theme'

const props = z.object({ pageProps: z.object({ theme: z.unknown() }) })

/** As app/layout.tsx, for the one page that is not in app/. */
export default function Document({ __NEXT_DATA__ }: DocumentProps) {
  const theme = parseTheme(props.safeParse(__NEXT_DATA__.props).data?.pageProps.theme)
  return (
    <Html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <Head />
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  )
}
