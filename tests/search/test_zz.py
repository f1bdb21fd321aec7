from tests.search.test_search import find


def test_x():
    print('RES',int(find('phone fell down the toilet').emergency_panel), int(find('fire door in the flats is broken').emergency_panel))
