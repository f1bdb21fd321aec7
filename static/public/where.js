// Where am I: the phone's own position as a grid reference that can be read out. Reckoned here, on the
// phone: nothing is sent. Ordnance Survey's formulas (transverse Mercator, Helmert shift), right to 5 m.
(() => {
  "use strict";
  const rad = Math.PI / 180;
  const WGS84 = { a: 6378137, b: 6356752.3142 };
  const GRIDS = {
    // Great Britain: Airy 1830, the National Grid.
    gb: { a: 6377563.396, b: 6356256.909, f0: 0.9996012717, lat0: 49, lon0: -2, e0: 400000, n0: -100000,
      shift: [-446.448, 125.157, -542.06], turn: [-0.1502, -0.247, -0.8421], scale: 20.4894e-6 },
    // Northern Ireland: Airy modified, the Irish Grid.
    ni: { a: 6377340.189, b: 6356034.447, f0: 1.000035, lat0: 53.5, lon0: -8, e0: 200000, n0: 250000,
      shift: [-482.53, 130.596, -564.557], turn: [1.042, 0.214, 0.631], scale: -8.15e-6 },
  };
  const toCartesian = (lat, lon, { a, b }) => {
    const e2 = 1 - (b * b) / (a * a), s = Math.sin(lat), nu = a / Math.sqrt(1 - e2 * s * s);
    return [nu * Math.cos(lat) * Math.cos(lon), nu * Math.cos(lat) * Math.sin(lon), nu * (1 - e2) * s];
  };
  const toAngles = ([x, y, z], { a, b }) => {
    const e2 = 1 - (b * b) / (a * a), p = Math.hypot(x, y);
    let lat = Math.atan2(z, p * (1 - e2));
    for (let n = 0; n < 10; n += 1) {
      const nu = a / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
      lat = Math.atan2(z + e2 * nu * Math.sin(lat), p);
    }
    return [lat, Math.atan2(y, x)];
  };
  const moved = ([x, y, z], grid) => {
    const [tx, ty, tz] = grid.shift, [rx, ry, rz] = grid.turn.map((s) => (s / 3600) * rad), s = 1 + grid.scale;
    return [tx + x * s - y * rz + z * ry, ty + x * rz + y * s - z * rx, tz - x * ry + y * rx + z * s];
  };
  const project = (lat, lon, g) => {
    const { a, b, f0 } = g, lat0 = g.lat0 * rad, lon0 = g.lon0 * rad;
    const e2 = 1 - (b * b) / (a * a), n = (a - b) / (a + b), n2 = n * n, n3 = n2 * n;
    const sin = Math.sin(lat), cos = Math.cos(lat), tan2 = Math.tan(lat) ** 2;
    const nu = (a * f0) / Math.sqrt(1 - e2 * sin * sin), rho = (a * f0 * (1 - e2)) / (1 - e2 * sin * sin) ** 1.5;
    const eta2 = nu / rho - 1, d = lat - lat0, m = lat + lat0, l = lon - lon0;
    const arc = b * f0 * ((1 + n + 1.25 * n2 + 1.25 * n3) * d - (3 * n + 3 * n2 + 2.625 * n3) * Math.sin(d) * Math.cos(m)
      + (1.875 * n2 + 1.875 * n3) * Math.sin(2 * d) * Math.cos(2 * m) - (35 / 24) * n3 * Math.sin(3 * d) * Math.cos(3 * m));
    const north = arc + g.n0 + (nu / 2) * sin * cos * l ** 2 + (nu / 24) * sin * cos ** 3 * (5 - tan2 + 9 * eta2) * l ** 4
      + (nu / 720) * sin * cos ** 5 * (61 - 58 * tan2 + tan2 * tan2) * l ** 6;
    const east = g.e0 + nu * cos * l + (nu / 6) * cos ** 3 * (nu / rho - tan2) * l ** 3
      + (nu / 120) * cos ** 5 * (5 - 18 * tan2 + tan2 * tan2 + 14 * eta2 - 58 * tan2 * eta2) * l ** 5;
    return [east, north];
  };
  const LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
  const letters = (east, north, which) => {
    const e = Math.floor(east / 100000), n = Math.floor(north / 100000);
    if (which === "ni") return e < 0 || e > 4 || n < 0 || n > 4 ? "" : LETTERS[(4 - n) * 5 + e];
    if (e < 0 || e > 6 || n < 0 || n > 12) return "";
    const first = 19 - n - ((19 - n) % 5) + Math.floor((e + 10) / 5);
    const second = (((19 - n) * 5) % 25) + ((e + 10) % 5);
    return LETTERS[first] + LETTERS[second];
  };
  const inIreland = (lat, lon) => lat > 53.9 && lat < 55.33 && lon > -8.3 && lon < -5.43 && !(lat > 55.25 && lon > -5.95);
  const reference = (lat, lon) => {
    const which = inIreland(lat, lon) ? "ni" : "gb", grid = GRIDS[which];
    const here = toAngles(moved(toCartesian(lat * rad, lon * rad, WGS84), grid), grid);
    const [east, north] = project(...here, grid), square = letters(east, north, which);
    if (!square || lat < 49.8 || lat > 61 || lon < -9 || lon > 2.1) return null;
    const four = (metres) => String(Math.floor((metres % 100000) / 10)).padStart(4, "0");
    return { square, east: four(east), north: four(north) };
  };
  const SPOKEN = ("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec "
    + "Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu").split(" ");
  const DIGITS = { en: "zero one two three four five six seven eight nine".split(" "), cy: "dim un dau tri pedwar pump chwech saith wyth naw".split(" ") };
  const spoken = (ref, lang) => {
    const digits = (text) => [...text].map((d) => DIGITS[lang][d]).join(" ");
    return `${[...ref.square].map((c) => SPOKEN[c.charCodeAt(0) - 65]).join(" ")}, ${digits(ref.east)}, ${digits(ref.north)}`;
  };
  // The browser tests ask the reckoning itself, with places whose references are known.
  globalThis.whichNumberGrid = reference;

  const box = document.getElementById("locate");
  if (!box || !navigator.geolocation) return;
  box.hidden = false;
  const status = box.querySelector("[role=status]"), list = box.querySelector("dl");
  const put = (name, text) => { box.querySelector(`.${name}`).textContent = text; };
  const show = ({ coords }) => {
    const ref = reference(coords.latitude, coords.longitude);
    const lang = document.documentElement.lang === "cy" ? "cy" : "en";
    status.textContent = ref ? "" : box.dataset.abroad;
    put("grid", ref ? `${ref.square} ${ref.east} ${ref.north}` : "–");
    put("read", ref ? spoken(ref, lang) : "–");
    put("coords", `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`);
    put("accuracy", String(Math.max(5, Math.ceil(coords.accuracy))));
    list.hidden = false;
  };
  const fail = (error) => { status.textContent = error.code === 1 ? box.dataset.refused : box.dataset.failed; };
  box.querySelector("button").addEventListener("click", () => {
    status.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(show, fail, { enableHighAccuracy: true, timeout: 30000, maximumAge: 0 });
  });
})();
