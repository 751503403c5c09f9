/** The made-up rows of every world: todos of alice, bob and carol, a list that alice shares with bob, and a report. */

const LIST = '1ab00000-0000-4000-8000-000000000001'

export const ROWS = `
  insert into public.todos (user_id, task, is_complete, notes) values
    ('alice', 'Water the tomatoes', true, ''),
    ('alice', 'Book the train to Lisbon', false, 'Night train via Hendaye, two beds'),
    ('alice', 'Ask the doctor about the test results', false, 'After the train, on Thursday'),
    ('bob', 'Fix the squeaky bike', true, ''),
    ('bob', 'Return the library books', false, ''),
    ('carol', 'Practise the cello', false, 'Not before eight');
  insert into public.lists (id, name, created_by) values ('${LIST}', 'Summer party', 'alice');
  insert into public.list_members (list_id, user_id, role, name) values ('${LIST}', 'bob', 'editor', 'Bob');
  update public.list_members set name = 'Alice' where user_id = 'alice';
  insert into public.todos (user_id, list_id, task) values
    ('alice', '${LIST}', 'Send the invitations'),
    ('bob', '${LIST}', 'Make a playlist');
  insert into public.reports (todo_id, user_id, reason)
    select id, 'bob', 'Not the way we talk' from public.todos where task = 'Send the invitations';
`
