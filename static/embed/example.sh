# Which number to call first in Leicestershire, and what then, in both languages.
curl --silent --show-error --fail 'HOST/api/v1/advice?need=police-emergency&area=leicestershire'
