import 'server-only'

/** Never called while webhookSecret() gives none: the app then offers no deletion. */
export const deleteUser: (userId: string) => Promise<void> = () =>
  Promise.reject(new Error('deleting accounts is not set up'))
