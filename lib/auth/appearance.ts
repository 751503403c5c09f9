/** Clerk's components in the colours of app/globals.css, so that they follow light and dark. */
export const appearance = {
  // The layer lets Tailwind's utilities win over Clerk's own styles.
  cssLayerName: 'auth',
  variables: {
    colorBackground: 'var(--popover)',
    colorBorder: 'var(--foreground)',
    colorDanger: 'var(--destructive)',
    colorForeground: 'var(--foreground)',
    colorInput: 'var(--popover)',
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
  // A finger needs 40 px, and iOS zooms in on a text field of less than 16 px.
  elements: {
    formButtonPrimary: 'h-10',
    formFieldInput: 'h-10 border border-solid border-input text-base sm:text-sm',
    userButtonAvatarBox: 'size-8',
    userButtonTrigger: 'size-10 justify-center rounded-full focus-visible:outline-2',
  },
}
