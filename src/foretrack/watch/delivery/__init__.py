"""How alerts reach people and programs: Atom, mail and signed webhooks."""
