// While somebody is away to sign in, their own browser keeps which page they asked for (asked.py).

const LASTS_SECONDS = 600; // long enough to find a telephone for the second factor
const LONGEST = 3500; // characters; a longer cookie is thrown away

export default function (mount) {
  const keep = () => {
    const here = encodeURIComponent(location.pathname.split("/").pop() + location.search);
    const safe = location.protocol === "https:" ? "; Secure" : "";
    const kept = here.length > LONGEST ? "" : here;
    document.cookie = `${mount.data.cookie}=${kept}; path=/; max-age=${LASTS_SECONDS}; SameSite=Lax${safe}`;
  };
  window.addEventListener("pagehide", keep);
  return () => window.removeEventListener("pagehide", keep);
}
