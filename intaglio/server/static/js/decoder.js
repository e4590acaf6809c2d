// From a picture to the text of a QR code: by the browser itself where it can, else by jsQR (Apache-2.0, see vendor/).

const LARGEST = 960; // pixels of the longer side that jsQR gets; more is slower and finds no more

/** Returns a function from a <video>, <img> or <canvas> to the text of a code in it, or null. */
export async function findDecoder() {
  return (await nativeDecoder()) ?? (await vendoredDecoder());
}

async function nativeDecoder() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const formats = await globalThis.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  return async (source) => (await detector.detect(source))[0]?.rawValue || null;
}

/** Returns the decoder that needs nothing of the browser but a canvas. */
export async function vendoredDecoder() {
  await import("./vendor/jsQR.js"); // a script of the old kind: it leaves its function on the global object
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (source) => {
    const width = source.videoWidth || source.naturalWidth || source.width;
    const height = source.videoHeight || source.naturalHeight || source.height;
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "attemptBoth" })?.data || null;
  };
}
