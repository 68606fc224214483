// A provider that sends no requests and returns data like ours, of the same size. Read returns the inputs, too, because the
// engine needs them to show drift.
const row = {
  sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003",
  sourceOrgName: "Acme Payments",
  createdAt: "2026-11-25T03:57:30.385000+00:00",
  createdBy: "aaaaaaaa-0003-4000-8000-f00000000003",
};

exports.handler = () => ({
  check: async (_, news) => ({ inputs: removeProviderLine(news) }),
  diff: async (_, olds, news) => ({ changes: String(olds.connectionTypes) !== String(news.connectionTypes) }),
  create: async (inputs) => ({
    id: inputs.sinkOrgId,
    outs: { ...inputs, ...row, sinkOrgName: "Acme Source 1000" },
  }),
  read: async (id, props) => {
    const { source, sinkOrgId, connectionTypes, __provider } = props;
    const inputs = { ...(source && { source }), sinkOrgId, connectionTypes, __provider };
    return { id, props, inputs };
  },
  update: async (_, olds, news) => ({ outs: { ...olds, ...news } }),
  delete: async () => undefined,
});

function removeProviderLine(news) {
  const inputs = { ...news };
  delete inputs.__provider;
  return inputs;
}
