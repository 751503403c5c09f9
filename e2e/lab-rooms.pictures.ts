/** The pictures of the lab's rooms (npm run screenshots), each with something to see: from the back row, and on a phone. */
import { DEMO_USERS } from '../db/demo-users'
import { signIn, test } from './fixtures'
import { LAB_ROOMS } from './lab-rooms'
import { takePicture } from './picture'
import { openSettled } from './settled'
import { ORIGIN } from './stack'

const LOOKS = {
  desktop: { viewport: { width: 1280, height: 720 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
} as const

for (const [look, options] of Object.entries(LOOKS)) {
  for (const [room, show] of Object.entries(LAB_ROOMS)) {
    const name = ['lab', room].filter(Boolean).join('-')
    test(`${name}, ${look}`, async ({ browser }) => {
      const context = await browser.newContext({ baseURL: ORIGIN, ...options })
      await signIn(context, DEMO_USERS.alice.id)
      const page = await context.newPage()
      await openSettled(page, `/lab/${room}`)
      await show(page)
      await takePicture(page, `${name}-${look}`)
      await context.close()
    })
  }
}
