import { expect, SCREENS, test } from './fixtures'
import { openDetails } from './row-actions'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('Today has what is due and overdue, Upcoming the days to come, Completed the rest', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      for (const task of ['Late yesterday', 'Now today', 'Soon tomorrow', 'Later in 10 days']) {
        const [name = '', ...words] = task.split(' ')
        await screen.newTodo.fill(name)
        // A past day is never taken from the text of a new todo.
        if (words[0] === 'yesterday') {
          await screen.newTodo.press('Enter')
          continue
        }
        await screen.newTodo.pressSequentially(` ${words.join(' ')}`)
        await expect(page.getByText(/^Due /)).toBeVisible()
        await screen.newTodo.press('Enter')
      }
      await screen.add('Whenever')
      const details = await openDetails(screen, 'Late')
      await details.getByRole('textbox', { name: 'Due' }).fill('yesterday')
      await details.getByRole('textbox', { name: 'Due' }).press('Enter')
      await screen.saved()

      await TodoScreen.open(page, `${path}/today`)
      await screen.expectTasks(['Late', 'Now'])
      await expect(page.getByRole('heading', { name: 'Overdue' })).toBeVisible()
      await screen.checkbox('Late').click()
      await screen.expectTasks(['Now'])
      await screen.add('Right away')
      await screen.expectTasks(['Now', 'Right away'])
      await expect(screen.item('Right away')).toContainText('Today')

      await TodoScreen.open(page, `${path}/upcoming`)
      await screen.expectTasks(['Soon', 'Later'])
      await expect(page.getByRole('heading', { name: /^Tomorrow, / })).toBeVisible()
      await expect(page.getByRole('listitem').getByRole('heading')).toHaveCount(2)

      await page.goto(`${path}/completed`)
      await screen.expectTasks(['Late'])
      await expect(screen.newTodo).toBeHidden()
      await screen.checkbox('Late').click()
      await screen.expectTasks([])
      await expect(page.getByText('Nothing completed yet.')).toBeVisible()
    })
  })
}
