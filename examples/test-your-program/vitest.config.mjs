// Without a configuration of its own, Vitest uses that of the repository.
export default {};
