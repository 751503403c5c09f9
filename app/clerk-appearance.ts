/** Clerk's components in the colours of app/globals.css, so that they follow light and dark. */
export const clerkAppearance = {
  // The layer lets Tailwind's utilities win over Clerk's own styles.
  cssLayerName: 'clerk',
  variables: {
    colorBackground: 'var(--card)',
    colorBorder: 'var(--foreground)',
    colorDanger: 'var(--destructive)',
    colorForeground: 'var(--foreground)',
    colorInput: 'var(--card)',
    colorInputForeground: 'var(--foreground)',
    colorMuted: 'var(--muted)',
    colorMutedForeground: 'var(--muted-foreground)',
    colorNeutral: 'var(--foreground)',
    colorPrimary: 'var(--primary)',
    colorPrimaryForeground: 'var(--primary-foreground)',
    colorRing: 'var(--ring)',
    fontFamily: 'inherit',
    borderRadius: '0.625rem',
  },
}
