/** The interface of Azure's identity, as far as the documentation uses it. */
export class DefaultAzureCredential {}
