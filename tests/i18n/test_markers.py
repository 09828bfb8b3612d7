from elearn.i18n.markers import N_, Nn_


def test_markers_hand_back_what_they_mark():
    assert N_("Save") == "Save"
    assert Nn_("%(n)s lesson", "%(n)s lessons") == ("%(n)s lesson", "%(n)s lessons")
