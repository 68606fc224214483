/** The organizations of the mesh: the names of their credentials, and their UUIDs. */
export const members = {
  payments: "aaaaaaaa-0003-4000-8000-000000000003",
  checkout: "aaaaaaaa-0004-4000-8000-000000000004",
  search: "aaaaaaaa-0005-4000-8000-000000000005",
};
