/* Idle sign-out warning stands here; the panel works without it. */
