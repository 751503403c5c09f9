import type { MetadataRoute } from 'next'

/** The landing page is for everyone; the others lead to signing in. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: '*', allow: '/' } }
}
