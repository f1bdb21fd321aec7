# What nginx says of its errors, without who asked for what: sed -u -E -f error-log.sed
#
# Only a line that begins as nginx begins one: an address may have broken a line in two.
\%^[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \[%!d
# Up to the first word in quotes, which may be an address; then the node, which is ours.
s/, client: /\n/
s%^([^\n"]*)[^\n]*\n.*, upstream: "([a-z]+://[^/"]*).*$%\1, node \2%
s/^([^\n"]*)[^\n]*\n.*$/\1/
# What concerns a connection keeps nothing in quotes, whole or not.
/^[^\n"]*: \*[0-9]+ /s/".*$//
