/** The heading of each view, which is its page's title too, and the sentence below it. */
export const viewTexts = {
  mine: { title: 'My todos', description: 'Your own list, which nobody else sees.' },
  today: { title: 'Today', description: 'Due today or overdue, of all your lists.' },
  upcoming: { title: 'Upcoming', description: 'Due in the days to come, of all your lists.' },
  completed: { title: 'Completed', description: 'All that is done, of all your lists.' },
} as const
