import { expect, SCREENS, signIn, test } from './fixtures'
import { openDetails } from './row-actions'
import { ORIGIN } from './stack'
import { holdNetwork, TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a change on another device is there by itself', async ({ alice, browser }) => {
      const here = await TodoScreen.open(alice.page, path)
      // The rows themselves come: whatever this page asks for gets no answer.
      await holdNetwork(here.page)
      const phone = await browser.newContext({ baseURL: ORIGIN })
      await signIn(phone, alice.userId)
      for (const other of SCREENS) {
        const there = await TodoScreen.open(await phone.newPage(), other)
        await there.add(`From ${other}`)
        await expect(here.item(`From ${other}`)).toBeVisible()
        await there.checkbox(`From ${other}`).click()
        await expect(here.checkbox(`From ${other}`)).toBeChecked()
        await there.saved()
        await there.page.close()
      }
      await phone.close()
    })

    test('so are notes that change behind their beginning, which is all that a list has', async ({
      alice,
      browser,
    }) => {
      const beginning = 'What is known about it. '.repeat(50)
      const notesOf = async (screen: TodoScreen) =>
        (await openDetails(screen, 'Haystack')).getByRole('textbox', { name: 'Notes' })
      const here = await TodoScreen.open(alice.page, path)
      await here.add('Haystack')
      const phone = await browser.newContext({ baseURL: ORIGIN })
      await signIn(phone, alice.userId)
      const there = await TodoScreen.open(await phone.newPage(), path)
      const [seen, typed] = [await notesOf(here), await notesOf(there)]
      for (const end of ['A needle.', 'Two needles.']) {
        await typed.fill(`${beginning}${end}`)
        await typed.blur()
        await expect(seen).toHaveValue(`${beginning}${end}`)
      }
      await phone.close()
    })

    test('the changes of another user are not', async ({ alice, bob }) => {
      const here = await TodoScreen.open(alice.page, path)
      const there = await TodoScreen.open(bob.page, path)
      await there.add('Only for Bob')
      await here.add('Only for Alice')
      await here.expectTasks(['Only for Alice'])
      await there.expectTasks(['Only for Bob'])
    })

    test('what happened while the page was offline is there when it is back', async ({
      alice,
      browser,
    }) => {
      const here = await TodoScreen.open(alice.page, path)
      const phone = await browser.newContext({ baseURL: ORIGIN })
      await signIn(phone, alice.userId)
      const there = await TodoScreen.open(await phone.newPage(), path)
      await alice.page.context().setOffline(true)
      await there.add('While you were away')
      await alice.page.context().setOffline(false)
      await expect(here.item('While you were away')).toBeVisible()
      await there.add('Now that you are back')
      await expect(here.item('Now that you are back')).toBeVisible()
      await phone.close()
    })
  })
}
