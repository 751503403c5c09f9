/**
 * TodoMVC's acceptance cases (github.com/tastejs/todomvc, tests/test.js), on both ways to the database. What differs, on
 * purpose: the text box does not take the focus by itself, since keys are shortcuts here, and a phone would open
 * its keyboard; and the footer stays when the list is empty, so that nothing jumps.
 */
import { expect, SCREENS, test } from './fixtures'
import { TodoScreen } from './todo-screen'

const [ONE, TWO, THREE] = ['buy some cheese', 'feed the cat', 'book a doctors appointment']
const ALL = [ONE, TWO, THREE]

for (const path of SCREENS) {
  test.describe(`TodoMVC on ${path}`, () => {
    test('New todo: adds items at the bottom, clears the box, trims text', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.type(ONE)
      await screen.expectTasks([ONE])
      await expect(screen.newTodo).toHaveValue('')
      await screen.type(`    ${TWO}  `)
      await screen.expectTasks([ONE, TWO])
      await screen.type('   ')
      await screen.expectTasks([ONE, TWO])
    })

    test('Mark all: completes all, reopens all, and follows the items', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      const all = alice.page.getByRole('checkbox', { name: 'Mark all as complete' })
      await screen.add(...ALL)
      await all.click()
      for (const task of ALL) await expect(screen.checkbox(task)).toBeChecked()
      await expect(all).toBeChecked()
      await screen.checkbox(TWO).click()
      await expect(all).not.toBeChecked()
      await screen.checkbox(TWO).click()
      await expect(all).toBeChecked()
      await all.click()
      for (const task of ALL) await expect(screen.checkbox(task)).not.toBeChecked()
    })

    test('Item: is marked as complete, and unmarked', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add(ONE, TWO)
      await screen.checkbox(ONE).click()
      await expect(screen.checkbox(ONE)).toBeChecked()
      await expect(screen.item(ONE).getByText(ONE)).toHaveCSS(
        'text-decoration-line',
        'line-through',
      )
      await expect(screen.checkbox(TWO)).not.toBeChecked()
      await screen.checkbox(ONE).click()
      await expect(screen.checkbox(ONE)).not.toBeChecked()
    })

    test('Editing: hides the other controls, saves on Enter and on blur, trims', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add(...ALL)
      const row = screen.items.nth(1)
      const field = page.getByRole('textbox', { name: 'Edit todo' })
      await row.getByText(TWO).dblclick()
      await expect(field).toBeFocused()
      await expect(field).toHaveValue(TWO)
      await expect(row.getByRole('checkbox')).toHaveCount(0)
      await expect(row.getByText(TWO)).toHaveCount(0)
      await expect(row.getByRole('button')).toHaveCount(0)
      await field.fill('   buy some sausages   ')
      await field.press('Enter')
      await screen.expectTasks([ONE, 'buy some sausages', THREE])
      await row.getByText('buy some sausages').dblclick()
      await field.fill('buy some bread')
      await field.blur()
      await screen.expectTasks([ONE, 'buy some bread', THREE])
    })

    test('Editing: an emptied item is removed, and Escape keeps the text', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add(...ALL)
      const field = page.getByRole('textbox', { name: 'Edit todo' })
      await screen.items.nth(0).getByText(ONE).dblclick()
      await field.fill('foo')
      await field.press('Escape')
      await screen.expectTasks(ALL)
      await screen.items.nth(0).getByText(ONE).dblclick()
      await expect(field).toHaveValue(ONE)
      await field.fill('')
      await field.press('Enter')
      await screen.expectTasks([TWO, THREE])
    })

    test('Counter: counts what is left, with the right plural', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add(ONE)
      await expect(page.getByText('1 item left', { exact: true })).toBeVisible()
      await screen.add(TWO)
      await expect(page.getByText('2 items left', { exact: true })).toBeVisible()
      await screen.checkbox(ONE).click()
      await screen.checkbox(TWO).click()
      await expect(page.getByText('0 items left', { exact: true })).toBeVisible()
    })

    test('Clear completed: removes the completed ones, and hides without any', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      const clear = page.getByRole('button', { name: 'Clear completed' })
      await screen.add(...ALL)
      await expect(clear).toBeHidden()
      await screen.checkbox(TWO).click()
      await clear.click()
      await screen.expectTasks([ONE, THREE])
      await expect(clear).toBeHidden()
    })

    test('Persistence: the list and its states are there after a reload', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add(ONE, TWO)
      await screen.checkbox(ONE).click()
      await screen.reload()
      await screen.expectTasks([ONE, TWO])
      await expect(screen.checkbox(ONE)).toBeChecked()
      await expect(screen.checkbox(TWO)).not.toBeChecked()
    })

    test('Routing: filters, Back, and the filter that applies', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add(...ALL)
      await screen.checkbox(TWO).click()
      await screen.filter('Active')
      await screen.expectTasks([ONE, THREE])
      await screen.filter('Completed')
      await screen.expectTasks([TWO])
      await page.goBack()
      await screen.expectTasks([ONE, THREE])
      await page.goBack()
      await screen.expectTasks(ALL)
      await expect(page.getByRole('link', { name: 'All', exact: true })).toHaveAttribute(
        'aria-current',
        'page',
      )
    })
  })
}
