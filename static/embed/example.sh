# What to do first in an emergency in Leicestershire, in English.
curl --silent --show-error --fail 'HOST/api/v1/advice?need=police-emergency&area=leicestershire'
