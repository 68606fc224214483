// A provider that sends no requests and returns data like ours for a set, of the same size. Read returns the inputs, too,
// because the engine needs them to show drift.
const organization = { sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003", sourceOrgName: "Acme Payments" };

exports.handler = () => ({
  check: async (_, news) => ({ inputs: removeProviderLine(news) }),
  diff: async (_, olds, news) => ({
    changes: JSON.stringify(olds.connections) !== JSON.stringify(news.connections),
  }),
  create: async (inputs) => ({ id: organization.sourceOrgId, outs: createOutputs(inputs) }),
  read: async (id, props) => {
    const { connections, __provider } = props;
    return { id, props, inputs: { connections, __provider } };
  },
  update: async (_, olds, news) => ({ outs: createOutputs(news) }),
  delete: async () => undefined,
});

function createOutputs(inputs) {
  const members = Object.keys(inputs.connections).map((sink) => [
    sink,
    {
      id: sink,
      sinkOrgName: "Acme Source 1000",
      createdAt: "2026-11-25T03:57:30.385000+00:00",
      createdBy: "aaaaaaaa-0003-4000-8000-f00000000003",
    },
  ]);
  return { ...inputs, ...organization, members: Object.fromEntries(members) };
}

function removeProviderLine(news) {
  const inputs = { ...news };
  delete inputs.__provider;
  return inputs;
}
