// Canonical forms. Commands:
//   canonize     {document, documents?, rdfDirection?} → N-Quads (JSON-LD in safe mode with base null, then RDFC-1.0)
//   rdf_canonize {nquads, hash?: "SHA-256" | "SHA-384"} → N-Quads
//   jcs          {value} → text (RFC 8785)
import jsonld from 'jsonld';
import rdfCanonize from 'rdf-canonize';
import canonicalize from 'canonicalize';
import {loaderFrom} from './offline.mjs';

export async function canonize({document, documents, rdfDirection = null}) {
  const dataset = await jsonld.toRDF(document, {
    base: null, safe: true, rdfDirection, produceGeneralizedRdf: false, documentLoader: loaderFrom(documents)
  });
  return canonizeDataset(dataset, 'SHA-256');
}

export function rdf_canonize({nquads, hash = 'SHA-256'}) {
  return canonizeDataset(rdfCanonize.NQuads.parse(nquads), hash);
}

export function jcs({value}) {
  return canonicalize(value);
}

function canonizeDataset(dataset, messageDigestAlgorithm) {
  return rdfCanonize.canonize(dataset, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    messageDigestAlgorithm,
    // The default, 1, refuses a few small honest graphs in which many blank nodes are alike.
    maxWorkFactor: 3
  });
}
