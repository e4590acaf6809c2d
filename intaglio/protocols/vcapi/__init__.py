"""The API that other machines have credentials issued and checked by: VCALM (formerly the VC API), W3C Working Draft.

`requests` reads what is asked; `issued` and `results` write the answers; `problem_details` says problems in the words of the
standards. Only what our doors offer: ``/credentials/issue``, ``/credentials/status``, ``/credentials/verify`` and
``/presentations/verify``.
"""
